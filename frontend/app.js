// Served beside the library, under the same versioned folder, so the relative address holds.
import { initAll } from "./govuk-frontend.min.js";

initAll();
