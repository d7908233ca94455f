// Writes src/api/schema/*.ts, the types of every operation, from contracts/openapi.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';
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

// The rules that forms check too, so that they are written down once. A price's limits are told beside the shape of money.
const components = async (area) => yaml.load(await readFile(`${contracts}/${area}.yaml`, 'utf8')).components.schemas;
const limits = ({ minLength, maxLength, minimum, maximum, minItems, maxItems, 'x-amount': amount }) => {
  const told = { min: minLength ?? minimum ?? minItems ?? amount?.minimum, max: maxLength ?? maximum ?? maxItems ?? amount?.maximum };
  return told.max === undefined ? null : { min: told.min ?? 0, max: told.max };
};
const rulesOf = async (area, ...forms) => {
  const all = await components(area);
  return forms.map((form) => [form, Object.fromEntries(Object.entries(all[form].properties).map(([name, is]) => [name, limits(is)]).filter(([, rule]) => rule))]);
};
const rules = Object.fromEntries([...(await rulesOf('gigs', 'gig_form', 'package_form')), ...(await rulesOf('users', 'seller_form')), ...(await rulesOf('chat', 'new_offer'))]);
const fee = (await components('orders')).order.properties.fee['x-of-price'];
await writeFile(`${target}/rules.ts`, `export const rules = ${JSON.stringify(rules, null, 2)} as const;\n\nexport const buyersFeeOfPrice = ${JSON.stringify(fee)} as const;\n`);

const imports = areas.map((area) => `import type * as ${area} from './${area}';`).join('\n');
const paths = areas.map((area) => `${area}.paths`).join(' & ');
const namespaces = areas.map((area) => `export type { components as ${area} } from './${area}';`).join('\n');
await writeFile(`${target}/index.ts`, `${imports}\n\nexport type paths = ${paths};\n${namespaces}\n`);
console.log(`types of ${areas.length} descriptions`);
