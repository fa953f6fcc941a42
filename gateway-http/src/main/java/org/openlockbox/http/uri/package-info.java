/// Paths and queries in the one form that is decided on and forwarded.
@NullMarked
package org.openlockbox.http.uri;

import org.jspecify.annotations.NullMarked;
