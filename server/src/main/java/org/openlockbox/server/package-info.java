@NullMarked
package org.openlockbox.server;

import org.jspecify.annotations.NullMarked;
