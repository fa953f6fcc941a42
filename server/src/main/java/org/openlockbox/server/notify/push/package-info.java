/// Web push: which browsers are told, by which key the server is known, and what a message says.
@NullMarked
package org.openlockbox.server.notify.push;

import org.jspecify.annotations.NullMarked;
