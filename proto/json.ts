/** What may stand in a history as a value: JSON, nothing else, so that a file can always be read again. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
