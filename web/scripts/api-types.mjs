// Writes src/api/schema/*.ts, the types of every operation, from contracts/openapi.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const contracts = process.env.OFICIO_CONTRACTS ?? fileURLToPath(new URL('../../contracts/openapi', import.meta.url));
const target = fileURLToPath(new URL('../src/api/schema', import.meta.url));
await mkdir(target, { recursive: true });

const areas = (await readdir(contracts))
  .filter((name) => name.endsWith('.yaml') && name !== 'common.yaml')
  .map((name) => name.slice(0, -'.yaml'.length))
  .sort();
for (const area of areas) {
  const types = await openapiTS(new URL(`file://${contracts}/${area}.yaml`));
  await writeFile(`${target}/${area}.ts`, astToString(types));
}
const imports = areas.map((area) => `import type * as ${area} from './${area}';`).join('\n');
const paths = areas.map((area) => `${area}.paths`).join(' & ');
const namespaces = areas.map((area) => `export type { components as ${area} } from './${area}';`).join('\n');
await writeFile(`${target}/index.ts`, `${imports}\n\nexport type paths = ${paths};\n${namespaces}\n`);
console.log(`types of ${areas.length} descriptions`);
