@NullMarked
package org.openlockbox.server.epoch;

import org.jspecify.annotations.NullMarked;
