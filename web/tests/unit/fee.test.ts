import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';
import { expect, it } from 'vitest';
import { buyersFee } from '~/pages/orders/fee';

// Where the contracts are: two folders up in the sources; told by the build, which works on a copy of them.
const contracts = process.env.OFICIO_CONTRACTS ?? `${import.meta.dirname}/../../../contracts/openapi`;
const orders = yaml.load(readFileSync(`${contracts}/orders.yaml`, 'utf8')) as { components: { schemas: { order: { properties: { fee: { 'x-of-price-examples': [number, number][] } } } } } };
const examples = orders.components.schemas.order.properties.fee['x-of-price-examples'];

// The same table binds what the orders service asks for.
it.each(examples)('of %i is %i, as in the contract', (price, fee) => expect(buyersFee({ amount: price, currency: 'USD' })).toEqual({ amount: fee, currency: 'USD' }));
