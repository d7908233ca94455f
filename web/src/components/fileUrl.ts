/** Where a file's bytes are; the small form is what cards show. */
export const fileUrl = (id: string, small = false) =>
  `/api/v1/files/${encodeURIComponent(id)}${small ? '?size=small' : ''}`;
