/// What an application remembers of tenants' logs.
@NullMarked
package org.openlockbox.client.memory;

import org.jspecify.annotations.NullMarked;
