import { merge } from './merge';

export default merge(import.meta.glob<Record<string, string>>('../../../locale/en/*.json', { eager: true, import: 'default', query: '?later' }));
