@NullMarked
package org.openlockbox.server.database;

import org.jspecify.annotations.NullMarked;
