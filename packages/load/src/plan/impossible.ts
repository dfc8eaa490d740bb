import { type ErrorDetails, MeshwiseError } from '@meshwise/core';

/** The error for what cannot be done as it was said. Fields are those of `LoadInput`. */
export function impossible(field: string, summary: string, details: ErrorDetails = {}): MeshwiseError {
  return new MeshwiseError('MW8001', summary, { field, ...details });
}
