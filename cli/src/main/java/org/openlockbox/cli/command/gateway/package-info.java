@NullMarked
package org.openlockbox.cli.command.gateway;

import org.jspecify.annotations.NullMarked;
