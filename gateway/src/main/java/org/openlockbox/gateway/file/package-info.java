/// Files that a gateway is started with: its certificate, its secrets, whom it believes.
@NullMarked
package org.openlockbox.gateway.file;

import org.jspecify.annotations.NullMarked;
