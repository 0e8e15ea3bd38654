// Served beside the library, under the same versioned folder, so the relative address holds.
import { initAll } from "./govuk-frontend.min.js";

// The components look for these classes. They are not in the page, which must work without script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
