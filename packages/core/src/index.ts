export { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { type Clock, ManualClock, systemClock } from './clock.ts';
export { describe, type ErrorBody, type ErrorDetails, MeshwiseError, type SourceLocation } from './errors.ts';
export { type LogFields, type Logger, silentLogger } from './logger.ts';
