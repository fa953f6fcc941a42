@NullMarked
package org.openlockbox.gateway;

import org.jspecify.annotations.NullMarked;
