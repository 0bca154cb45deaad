/** Signs with a private key that stays behind it. */
export interface Signer {
  /** The sha256 of the public key (SPKI, DER), in hex. */
  readonly keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Checks signatures with a public key. */
export interface SignatureVerifier {
  readonly keyId: string;
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean;
}
