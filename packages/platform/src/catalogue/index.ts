export { type EnvironmentInput, resolveEnvironment } from './environment.ts';
export { expand } from './expand.ts';
export { fieldValue, type NodeFacts } from './field-ref.ts';
export {
  type CatalogueProgram,
  findImage,
  type ImageCatalogue,
  type ImageEntry,
  loadImageCatalogues,
  parseImageCatalogue,
  type Runtime,
} from './image-catalogue.ts';
export { matchesImage } from './image-glob.ts';
export { type ImageReference, parseImageReference } from './image-reference.ts';
export { expandResolved, type ResolvedImage, resolveImage } from './resolve-image.ts';
export { serviceEnvironment } from './service-environment.ts';
