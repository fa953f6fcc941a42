/// Answers in JSON: what of them is shown, what is masked, and whose they are.
@NullMarked
package org.openlockbox.http.json;

import org.jspecify.annotations.NullMarked;
