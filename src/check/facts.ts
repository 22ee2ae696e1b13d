/** The features of a server. The probe finds them once, before the checks. */
export interface Facts {
  /** Whether sessions can be resumed. */
  readonly resumable: boolean;
  /** Seconds that the server keeps a session whose client asks for a short time; undefined when the server does not say. */
  readonly lifetime: number | undefined;
  readonly csi: boolean;
  readonly sasl2: boolean;
  readonly inlineResume: boolean;
  readonly inlineEnable: boolean;
}

/** The facts before the probe has run. */
export const NO_FACTS: Facts = {
  resumable: false,
  lifetime: undefined,
  csi: false,
  sasl2: false,
  inlineResume: false,
  inlineEnable: false,
};
