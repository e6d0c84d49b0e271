// This project's package, as its users load it.
import * as edgevec from 'edgevec-java';
import { builder } from '../edgevec.js';

export const build = builder(edgevec);
