// Ports by the names of their services: those of the system, and the few that Go knows by itself.

const SERVICES_FILE = '/etc/services';

/** Go's own list, for systems without one (net/lookup.go). */
const KNOWN: Readonly<Record<string, number>> = {
  domain: 53,
  ftp: 21,
  ftps: 990,
  gopher: 70,
  http: 80,
  https: 443,
  imap2: 143,
  imap3: 220,
  imaps: 993,
  pop3: 110,
  pop3s: 995,
  smtp: 25,
  ssh: 22,
  submissions: 465,
  telnet: 23,
};

let services: ReadonlyMap<string, number> | undefined;

/** The TCP port of a service, whatever the case of its name; undefined where nobody knows it. */
export function servicePort(name: string): number | undefined {
  services ??= new Map([...Object.entries(KNOWN), ...parseServices(readServices())]);
  return services.get(name.toLowerCase());
}

/** Names of TCP services in lines like `http  80/tcp  www  # comment`. */
export function parseServices(text: string): [string, number][] {
  return text.split('\n').flatMap((line) => {
    const [name = '', portAndProtocol = '', ...aliases] = line
      .replace(/#.*/, '')
      .trim()
      .split(/\s+/);
    const port = /^(\d+)\/tcp$/.exec(portAndProtocol)?.[1];
    if (port === undefined) return [];
    return [name, ...aliases].map((one): [string, number] => [one.toLowerCase(), Number(port)]);
  });
}

function readServices(): string {
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return readFileSync(SERVICES_FILE, 'utf8');
  } catch {
    return '';
  }
}
