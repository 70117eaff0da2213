// An object and where its file goes. What stands in the file besides the object are comments.
import type { JsonObject } from '../pod/json.ts';
import type { PathSegment } from '../problem/field-path.ts';

export interface Manifest {
  /** Below the folder that is written to: `apps/sonarr/base/service.yaml`. */
  readonly file: string;
  readonly object: JsonObject;
  readonly comments: readonly Comment[];
}

/** A line or more above the field at this path; the empty path is the top of the file. */
export interface Comment {
  readonly path: readonly PathSegment[];
  readonly text: string;
}
