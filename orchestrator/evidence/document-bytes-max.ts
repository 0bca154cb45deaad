/** Bytes of the largest file that is read as a document. */
export const documentBytesMax = 1_048_576;
