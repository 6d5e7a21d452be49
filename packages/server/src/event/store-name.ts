/** The embedded store's name in producers' `sinks`: the sink that every service has. */
export const STORE = 'store';
