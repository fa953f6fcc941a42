/// The suites of drivers, straight against a database and through a gateway.
@NullMarked
package org.openlockbox.postgres.drivers;

import org.jspecify.annotations.NullMarked;
