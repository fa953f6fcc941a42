/// The PostgreSQL that a node runs itself, as an interface: the program is the demo module's.
@NullMarked
package org.openlockbox.node.database;

import org.jspecify.annotations.NullMarked;
