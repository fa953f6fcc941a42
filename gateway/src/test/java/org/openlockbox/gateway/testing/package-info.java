@NullMarked
package org.openlockbox.gateway.testing;

import org.jspecify.annotations.NullMarked;
