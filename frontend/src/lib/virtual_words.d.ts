declare module "virtual:words/*" {
  /** By the English sentence: the translation, or of a counted one all its forms. */
  const sentences: Readonly<Record<string, readonly string[]>>;
  export default sentences;
}
