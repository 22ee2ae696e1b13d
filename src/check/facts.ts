/** What a server offers: the probe finds it out once, before the checks. */
export interface Facts {
  /** Whether sessions can be resumed. */
  readonly resumable: boolean;
  /** Seconds that a session is kept whose client asks for a short time; undefined when the server does not say. */
  readonly lifetime: number | undefined;
  readonly csi: boolean;
  readonly sasl2: boolean;
  readonly inlineResume: boolean;
  readonly inlineEnable: boolean;
}

/** Before anything is known. */
export const NO_FACTS: Facts = {
  resumable: false,
  lifetime: undefined,
  csi: false,
  sasl2: false,
  inlineResume: false,
  inlineEnable: false,
};
