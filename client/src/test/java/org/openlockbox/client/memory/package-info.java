/// Tests of what an application remembers.
@NullMarked
package org.openlockbox.client.memory;

import org.jspecify.annotations.NullMarked;
