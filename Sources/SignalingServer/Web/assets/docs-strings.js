// The words of the API page. What the server says about each operation stays English.

import { currentLanguage, onLanguage } from './i18n.js';

const words = {
  zh: {
    title: '接口文档', contents: '目录', search: '搜索路径或说明', nothing: '没有找到', access: '权限：', parameters: '参数',
    body: '请求体', answers: '响应', failed: '文档加载失败：', 'events-client': '事件通道：客户端 → 服务器',
    'events-server': '事件通道：服务器 → 客户端',
  },
  en: {
    title: 'API', contents: 'Contents', search: 'Search paths and words', nothing: 'Nothing was found',
    access: 'Access: ', parameters: 'Parameters', body: 'Body', answers: 'Answers', failed: 'The document could not be loaded: ',
    'events-client': 'Events socket: client → server', 'events-server': 'Events socket: server → client',
  },
};

/** What the server's document calls its parts, and says of each. */
const parts = {
  identity: { title: '身份', note: '游客、账号、会话与 API 密钥。' },
  rooms: { title: '直播间', note: '直播间及其中的一切。' },
  stage: { title: '连麦', note: '申请、邀请、上麦成员与麦位。' },
  chat: { title: '聊天', note: '消息、点赞与礼物。' },
  links: { title: '连线 PK', note: '多位主播同框，可进行 PK。' },
  programme: { title: '节目', note: '画面布局、推流、录制与测量。' },
  media: { title: '媒体', note: 'WHIP 推流与 WHEP 播放。' },
  webhooks: { title: 'Webhook 回调', note: '向运营方自己的服务器发送通知。' },
  moderation: { title: '管理', note: '谁不能发言、进入直播间或使用平台。' },
  operating: { title: '运维', note: '健康检查、指标与本文档。' },
  'events-client': {
    note: '令牌可放在查询参数 `token` 中，或作为与 `mixd.v1` 并列的子协议 `bearer.{token}`，'
      + '或放在第一条消息 `{"type":"auth","token":…}` 中。',
  },
};

const part = (name) => (currentLanguage() === 'zh' ? parts[name] : null);

export const docTitle = (name) => part(name)?.title ?? name;
export const docNote = (name, note) => part(name)?.note ?? note;

export const docText = (key, rest = '') => words[currentLanguage()][key] + rest;

/** Fills the page's own words, now and whenever the language changes. */
export function startDocText() {
  const fill = () => {
    document.title = `mixd ${docText('title')}`;
    for (const node of document.querySelectorAll('[data-doc]')) node.textContent = docText(node.dataset.doc);
    for (const node of document.querySelectorAll('[data-doc-label]')) {
      node.setAttribute('aria-label', docText(node.dataset.docLabel));
    }
  };
  fill();
  onLanguage(fill);
}
