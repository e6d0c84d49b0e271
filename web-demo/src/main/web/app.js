/** The page's wiring: what a visitor does goes to the notebook, what the notebook holds is shown. */

import { wireAdding } from './ui/add.js';
import { wireToast } from './ui/alert.js';
import { wireAsking } from './ui/ask.js';
import { wireCopying } from './ui/copy.js';
import { wireCrash } from './ui/crash.js';
import { wireDatabase } from './ui/database.js';
import { wireEditing } from './ui/edit.js';
import { wireExport } from './ui/export.js';
import { wireMeaning } from './ui/meaning.js';
import { wireOffline } from './ui/offline.js';
import { start } from './ui/opening.js';
import { wireScale } from './ui/scale.js';
import { wireSearch } from './ui/search.js';

wireSearch();
wireAdding();
wireEditing();
wireToast();
wireDatabase();
wireExport();
wireAsking();
wireCrash();
wireScale();
wireCopying();
wireMeaning();
await start();
wireOffline();
