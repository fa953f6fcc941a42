/// Browsers: an origin of its own for each login, and a cookie in exchange for a link.
@NullMarked
package org.openlockbox.http.browser;

import org.jspecify.annotations.NullMarked;
