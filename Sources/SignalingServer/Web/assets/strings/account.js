// Texts: accounts. Each key has Chinese, then English.

export default {
  'account.title': ['登录 mixd', 'Sign in to mixd'],
  'account.guest': ['游客', 'Guest'],
  'account.sign-in': ['登录', 'Sign in'],
  'account.register': ['注册', 'Register'],
  'account.do-guest': ['以游客身份进入', 'Enter as a guest'],
  'account.do-sign-in': ['登录', 'Sign in'],
  'account.do-register': ['注册并登录', 'Create account'],
  'account.do-edit': ['保存', 'Save'],
  'account.field-name': ['用户名', 'Name'],
  'account.field-password': ['密码', 'Password'],
  'account.field-new': ['新密码', 'New password'],
  'account.field-repeat': ['再次输入密码', 'Password again'],
  'account.field-old': ['原密码', 'Old password'],
  'account.name-hint': [
    '用户名 4–24 位字母、数字、_ 或 -；密码 8–64 位', 'Name: 4–24 letters, digits, _ or -. Password: 8–64 characters.',
  ],
  'account.is-guest': ['游客身份，仅保存在本浏览器', 'A guest, known to this browser only'],
  'account.is-account': ['已登录账号', 'Signed in'],
  'account.rename': ['修改昵称', 'Change name'],
  'account.change-password': ['修改密码', 'Change password'],
  'account.password-changed': ['密码已修改', 'The password was changed'],
  'account.sign-out': ['退出登录', 'Sign out'],
  'account.rooms': ['我的直播间', 'My rooms'],
  'account.replaced': [
    '您已在另一个标签页登录为 {name}。要以新身份重新打开本页吗？',
    'You signed in as {name} in another tab. Open this page anew?',
  ],
  'account.gone': [
    '您已在另一个标签页退出登录。要重新打开本页吗？', 'You signed out in another tab. Open this page anew?',
  ],
  'account.go-on': ['重新打开', 'Open anew'],
  'account.stay': ['留在本页', 'Stay'],
};
