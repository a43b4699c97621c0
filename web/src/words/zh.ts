import { merge } from './merge';

export default merge(import.meta.glob<Record<string, string>>('../../../locale/zh/*.json', { eager: true, import: 'default', query: '?first' }));
