/// The API of what a tenant decides about itself.
@NullMarked
package org.openlockbox.server.api.tenant;

import org.jspecify.annotations.NullMarked;
