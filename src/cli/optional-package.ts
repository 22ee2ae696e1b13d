import { Failure } from './failure.js';

/**
 * Loads a package that the user installs or does without.
 * @param user what needs it, as the subject of a sentence
 * @returns rejects with Failure, which says what to install, when the package is not installed
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
