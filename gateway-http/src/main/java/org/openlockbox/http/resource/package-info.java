/// An HTTP resource as the gateway sees it.
@NullMarked
package org.openlockbox.http.resource;

import org.jspecify.annotations.NullMarked;
