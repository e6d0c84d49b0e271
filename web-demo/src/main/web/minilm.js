/**
 * all-MiniLM-L6-v2, a sentence encoder: a text becomes a vector, and texts that mean the same have
 * vectors that point the same way. English only. Runs in a worker of the page and in Node alike.
 */

import { cutText } from './text.js';
import { WordPiece } from './wordpiece.js';

/** Stands beside every vector that this model made. Vectors of different models cannot be compared. */
export const MEANING = 'all-minilm-l6-v2-q';

export const DIMENSION = 384;

/** The model reads so many tokens and no more, two of which frame the text. */
const LONGEST = 128;

/** A text that is longer is read in pieces of about so many characters, the first so many of them. */
const PIECE_CHARACTERS = 400;
const MOST_PIECES = 32;

export class MiniLm {
  #ort;
  #session;
  #tokenizer;

  /**
   * @param {typeof import('onnxruntime-web')} ort set up for one thread
   * @param {Uint8Array} model the bytes of the .onnx file
   * @param {object} definition the parsed tokenizer.json
   */
  static async create(ort, model, definition) {
    const encoder = new MiniLm();
    encoder.#ort = ort;
    encoder.#tokenizer = new WordPiece(definition);
    encoder.#session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
    return encoder;
  }

  /** See {@link WordPiece#knows}. */
  knows(word) {
    return this.#tokenizer.knows(word);
  }

  /**
   * The vector of a text, of length 1. Of a text that is longer than the model reads, the mean of the
   * vectors of its pieces.
   *
   * @param {string} text
   * @param {string} [topic] stands before the text, and before each piece of it
   * @returns {Promise<Float32Array>}
   */
  async embed(text, topic = '') {
    const whole = topic === '' ? text : `${topic}\n${text}`;
    const few = whole.length < LONGEST * PIECE_CHARACTERS;
    const tokens = few ? this.#tokenizer.tokens(whole) : [];
    if (few && tokens.length <= LONGEST - 2) {
      return this.#run(tokens);
    }
    const sum = new Float32Array(DIMENSION);
    for (const piece of cutText(text, PIECE_CHARACTERS, MOST_PIECES)) {
      const vector = await this.#run(this.#tokenizer.tokens(topic === '' ? piece : `${topic}\n${piece}`));
      vector.forEach((value, i) => (sum[i] += value));
    }
    return toUnitLength(sum);
  }

  /**
   * One text at a time, unpadded. The model quantizes activations by their range over the whole input,
   * so in a batch a text's vector would depend on its neighbours, and padding costs more time than
   * batching saves.
   */
  async #run(tokens) {
    const ids = this.#tokenizer.framed(tokens.slice(0, LONGEST - 2));
    const shape = [1, ids.length];
    const tensor = (values) => new this.#ort.Tensor('int64', values, shape);
    const results = await this.#session.run({
      input_ids: tensor(BigInt64Array.from(ids, BigInt)),
      attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)),
      token_type_ids: tensor(new BigInt64Array(ids.length)),
    });
    return toUnitLength(sumOf(results.last_hidden_state.data, ids.length));
  }
}

/** The mean over all tokens but for its length, which is made 1 anyway. */
function sumOf(hidden, count) {
  const sum = new Float32Array(DIMENSION);
  for (let token = 0; token < count; token++) {
    for (let i = 0; i < DIMENSION; i++) {
      sum[i] += hidden[token * DIMENSION + i];
    }
  }
  return sum;
}

function toUnitLength(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
