/// HTTP towards programs of others: the one client of the server.
@NullMarked
package org.openlockbox.server.http;

import org.jspecify.annotations.NullMarked;
