/// What the gateway signs for a protected service, with each request that it forwards.
@NullMarked
package org.openlockbox.http.assertion;

import org.jspecify.annotations.NullMarked;
