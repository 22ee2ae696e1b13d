import { Failure } from './failure.js';

/**
 * Loads an optional package, which the user may have installed.
 * @param user the part of the command line that needs the package, as the subject of a sentence
 * @returns rejects with Failure when the package is not installed; the message says what to install
 */
export const loadOptional = async <T>(name: string, user: string): Promise<T> => {
  try {
    return await import(name);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing) throw error;
    throw new Failure(`${user} needs ${name}, which is not installed: npm install ${name}`);
  }
};
