/// A checked resource, as the gateway sees it.
@NullMarked
package org.openlockbox.check.resource;

import org.jspecify.annotations.NullMarked;
