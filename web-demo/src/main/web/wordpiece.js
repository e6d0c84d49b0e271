/**
 * BERT's WordPiece tokenizer, uncased: what a `tokenizer.json` with BertNormalizer, BertPreTokenizer and
 * WordPiece says, and no more.
 */

/** A longer word is unknown, whatever it is made of. */
const LONGEST_WORD = 100;

/** What the normalizer removes, sets apart or splits at, as in Hugging Face's tokenizers. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/gu;
const IDEOGRAPH =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/gu;

export class WordPiece {
  #vocabulary;
  #cls;
  #sep;
  #unknown;

  /**
   * @param {object} definition the parsed tokenizer.json
   * @throws {TypeError} if it is that of another tokenizer
   */
  constructor({ model, normalizer, pre_tokenizer: preTokenizer } = {}) {
    if (
      model?.continuing_subword_prefix !== '##' ||
      normalizer?.type !== 'BertNormalizer' ||
      normalizer.lowercase !== true ||
      preTokenizer?.type !== 'BertPreTokenizer'
    ) {
      throw new TypeError('This tokenizer.json is not that of an uncased BERT.');
    }
    this.#vocabulary = new Map(Object.entries(model.vocab));
    [this.#cls, this.#sep, this.#unknown] = ['[CLS]', '[SEP]', '[UNK]'].map((token) => this.#vocabulary.get(token));
  }

  /** The token ids of a text without the two that a model wants around them. */
  tokens(text) {
    return wordsOf(text).flatMap((word) => this.#pieces(word));
  }

  /** Token ids as the model wants them: `[CLS]` first and `[SEP]` last. */
  framed(tokens) {
    return [this.#cls, ...tokens, this.#sep];
  }

  /** Whether a word, in lower case, is one piece: a word that the model was taught. */
  knows(word) {
    return this.#vocabulary.has(word);
  }

  /** The longest beginnings that are in the vocabulary, one after the other. */
  #pieces(word) {
    const characters = [...word];
    if (characters.length > LONGEST_WORD) {
      return [this.#unknown];
    }
    const ids = [];
    for (let start = 0; start < characters.length; ) {
      let end = characters.length;
      let id;
      for (; end > start && id === undefined; end--) {
        id = this.#vocabulary.get((start > 0 ? '##' : '') + characters.slice(start, end).join(''));
      }
      if (id === undefined) {
        return [this.#unknown];
      }
      ids.push(id);
      start = end + 1;
    }
    return ids;
  }
}

function wordsOf(text) {
  return text
    .replace(/[\t\n\r]/g, ' ')
    .replace(CONTROL, '')
    .replace(IDEOGRAPH, ' $& ')
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(PUNCTUATION, ' $& ')
    .split(/\p{White_Space}+/u)
    .filter((word) => word !== '');
}
