@NullMarked
package org.openlockbox.cli.command.session;

import org.jspecify.annotations.NullMarked;
