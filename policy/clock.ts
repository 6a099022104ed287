/** The only door to time in the policy pack. */
export const now = (): number => Date.now();
