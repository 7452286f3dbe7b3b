// The words of the API page. What the server says about its operations stays English.

import { currentLanguage, onLanguage } from './i18n.js';

const words = {
  zh: {
    title: '接口文档', contents: '目录', search: '搜索路径或说明', nothing: '没有找到', access: '权限', parameters: '参数',
    body: '请求体', answers: '响应', failed: '文档加载失败：', 'events-client': '事件通道：客户端 → 服务器',
    'events-server': '事件通道：服务器 → 客户端',
  },
  en: {
    title: 'API', contents: 'Contents', search: 'Search paths and words', nothing: 'Nothing was found',
    access: 'Access', parameters: 'Parameters', body: 'Body', answers: 'Answers', failed: 'The document could not be loaded: ',
    'events-client': 'Events socket: client → server', 'events-server': 'Events socket: server → client',
  },
};

export const docText = (key, rest = '') => words[currentLanguage()][key] + rest;

/** Fills the page's own words, now and whenever the language changes. */
export function startDocText() {
  const fill = () => {
    for (const node of document.querySelectorAll('[data-doc]')) node.textContent = docText(node.dataset.doc);
    for (const node of document.querySelectorAll('[data-doc-label]')) {
      node.setAttribute('aria-label', docText(node.dataset.docLabel));
    }
  };
  fill();
  onLanguage(fill);
}
