// Texts: common. Each key has Chinese, then English.

export default {
  'app.tagline': ['多人连麦，一路混流', 'Co-host live, one mixed stream'],

  'language.switch': ['English', '中文'],

  'common.cancel': ['取消', 'Cancel'],
  'common.close': ['关闭', 'Close'],
  'common.save': ['保存', 'Save'],
  'common.saved': ['已保存', 'Saved'],
  'common.remove': ['删除', 'Remove'],
  'common.retry': ['重试', 'Try again'],
  'common.reason': ['理由（可不填）', 'Reason (optional)'],
  'common.none': ['暂无', 'None'],
  'common.seconds': ['{count} 秒', '{count} s'],
  'common.minutes': ['{count} 分钟', '{count} min'],
  'common.hours': ['{count} 小时', '{count} h'],
  'common.you': ['我', 'You'],
  'common.back': ['返回大厅', 'Back to the lobby'],
  'common.guest': ['游客{number}', 'Guest {number}'],
  'common.unnamed-device': ['设备', 'Device'],

  'device.title': ['设备设置', 'Devices'],
  'device.camera': ['摄像头', 'Camera'],
  'device.microphone': ['麦克风', 'Microphone'],
  'device.level': ['麦克风音量', 'Microphone level'],
  'device.quality': ['画质', 'Quality'],
  'device.original': ['原声（关闭降噪与回声消除）', 'Original sound (no noise or echo suppression)'],
  'device.denied': ['请先打开摄像头与麦克风权限', 'Please allow camera and microphone first'],
  'device.missing': ['未检测到摄像头或麦克风', 'No camera or microphone was found'],
  'device.missing-camera': ['未检测到摄像头，当前没有画面', 'No camera was found, there is no picture'],
  'device.missing-microphone': ['未检测到麦克风，当前没有声音', 'No microphone was found, there is no sound'],
  'device.busy': [
    '摄像头或麦克风被其他程序占用，请关闭该程序后重试',
    'Camera or microphone is used by another program. Close it and try again.',
  ],
  'device.busy-camera': [
    '摄像头被其他程序占用，请关闭该程序后重试', 'The camera is used by another program. Close it and try again.',
  ],
  'device.busy-microphone': [
    '麦克风被其他程序占用，请关闭该程序后重试', 'The microphone is used by another program. Close it and try again.',
  ],
  'device.unplugged-camera': [
    '摄像头已断开，请重新连接或选择其他摄像头', 'The camera was unplugged. Plug it in again, or choose another one.',
  ],
  'device.unplugged-microphone': [
    '麦克风已断开，请重新连接或选择其他麦克风', 'The microphone was unplugged. Plug it in again, or choose another one.',
  ],
  'device.stopped-camera': [
    '摄像头已停止：被其他程序占用，或权限被收回',
    'The camera has stopped: another program took it, or it is not allowed any more.',
  ],
  'device.stopped-microphone': [
    '麦克风已停止：被其他程序占用，或权限被收回',
    'The microphone has stopped: another program took it, or it is not allowed any more.',
  ],
  'device.insecure': [
    '需要通过 HTTPS 或 localhost 打开本页，才能使用摄像头',
    'Open this page by HTTPS or on localhost to use the camera',
  ],
  'device.failed': ['无法打开摄像头或麦克风', 'Camera or microphone could not be opened'],
  'device.mic-on': ['关闭麦克风', 'Turn microphone off'],
  'device.mic-off': ['打开麦克风', 'Turn microphone on'],
  'device.cam-on': ['关闭摄像头', 'Turn camera off'],
  'device.cam-off': ['打开摄像头', 'Turn camera on'],

  'state.battle': ['PK', 'PK'],
  'state.linked': ['连线中', 'Linked'],
  'state.cohosting': ['连麦中', 'On stage'],
  'state.idle': ['尚未开播', 'Not live yet'],
  'state.preview': ['预览', 'Preview'],
  'state.permission': ['正在请求摄像头与麦克风…', 'Asking for camera and microphone…'],
  'state.connecting': ['正在连接…', 'Connecting…'],
  'state.live': ['直播中', 'Live'],
  'state.reconnecting': ['网络断开，正在重连…', 'Connection lost, reconnecting…'],
  'state.elsewhere': ['已在另一个窗口直播', 'Live in another window'],
  'state.ended': ['直播已结束', 'The show has ended'],
  'state.failed': ['当前网络环境不能发布直播（{reason}）', 'This network does not let you go live ({reason})'],
};
