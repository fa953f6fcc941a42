@NullMarked
package org.openlockbox.server.export;

import org.jspecify.annotations.NullMarked;
