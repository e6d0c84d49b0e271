// The package of another checkout of this project.
import * as edgevec from 'edgevec-java-other';
import { builder } from '../edgevec.js';

export const build = builder(edgevec);
