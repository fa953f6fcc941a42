/// Such an application's data, as the gateway sees it.
@NullMarked
package org.openlockbox.client.resource;

import org.jspecify.annotations.NullMarked;
